/** How drizzle-kit writes the migrations of the Postgres store: `npx drizzle-kit generate --config drizzle.config.postgres.ts --name <what-changed>`. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/store/tables.postgres.ts",
  out: "./migrations/postgres",
});
