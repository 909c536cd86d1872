// What the report behind this project did, in its order and with its settings: whole tables by SELECT *, five at once, each turned
// into INSERT statements and into NDJSON in memory, and all of it packed by archiver at level 3 at the end.
// Arguments: the zip file to write. The database is found by PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import archiver from 'archiver';
import pg from 'pg';

const TABLES_AT_ONCE = 5;
const LEVEL = 3;
// A string of Node has half a gigabyte at the most; larger tables are kept in pieces of this many rows.
const ROWS_PER_PIECE = 10_000;

const quote = (name) => `"${name.replaceAll('"', '""')}"`;

function literal(value) {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `'${value.toISOString()}'`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

async function exportTable(pool, { schema, name }) {
  const table = `${quote(schema)}.${quote(name)}`;
  const { rows, fields } = await pool.query(`SELECT * FROM ${table}`);
  const columns = fields.map((field) => quote(field.name)).join(', ');
  const sql = [];
  const ndjson = [];
  for (let first = 0; first < rows.length; first += ROWS_PER_PIECE) {
    const piece = rows.slice(first, first + ROWS_PER_PIECE);
    sql.push(Buffer.from(piece
      .map((row) => `INSERT INTO ${table} (${columns}) VALUES (${Object.values(row).map(literal).join(', ')});\n`)
      .join('')));
    ndjson.push(Buffer.from(piece.map((row) => `${JSON.stringify(row)}\n`).join('')));
  }
  return { file: `${schema}.${name}`, rows: rows.length, sql: Buffer.concat(sql), ndjson: Buffer.concat(ndjson) };
}

async function exportTables(pool) {
  const { rows: tables } = await pool.query(
    `SELECT schemaname AS schema, tablename AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`);
  const exported = [];
  const worker = async () => {
    for (let table = tables.shift(); table; table = tables.shift()) exported.push(await exportTable(pool, table));
  };
  await Promise.all(Array.from({ length: TABLES_AT_ONCE }, worker));
  return exported;
}

const [target] = process.argv.slice(2);
const pool = new pg.Pool({ max: TABLES_AT_ONCE });
const tables = await exportTables(pool);
await pool.end();

const archive = archiver('zip', { zlib: { level: LEVEL } });
const written = pipeline(archive, createWriteStream(target));
for (const table of tables) {
  archive.append(table.sql, { name: `database/${table.file}.sql` });
  archive.append(table.ndjson, { name: `database/${table.file}.ndjson` });
}
archive.append(JSON.stringify(tables.map(({ file, rows }) => ({ file, rows }))), { name: 'manifest.json' });
await archive.finalize();
await written;
