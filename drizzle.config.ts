/** How drizzle-kit writes the migrations of the SQLite store: `npx drizzle-kit generate --name <what-changed>`. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./src/store/tables.sqlite.ts",
  out: "./migrations/sqlite",
});
