/** Postgres and graphile-worker: each request is a row of one's own table and a job, in one transaction. */
import { randomUUID } from "node:crypto";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { serve } from "./collected.mjs";

const connectionString = process.env.PEER_POSTGRES;
await runMigrations({ connectionString });
const pool = new pg.Pool({ connectionString, max: 20 });
await pool.query("create table holds (id text primary key, status text not null, request jsonb not null)");

const HOLD = {
  name: "hold",
  text: `with held as (insert into holds values ($1, 'open', $2) returning id)
    select graphile_worker.add_job('remind', json_build_object('id', id), run_at => now() + interval '4 hours') from held`,
};

serve(async (request) => {
  const id = randomUUID();
  await pool.query({ ...HOLD, values: [id, JSON.stringify(request)] });
  return id;
});
