/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of sqlite_schema.c for PostgreSQL, in a schema of their own. The same names and
 * meanings, but: visits and passes are partitioned by month; the tables that grow have no foreign
 * keys, whose checks would cost more than the rest of the insertion; polygons and settings are
 * JSONB. Private to store/.
 */
#ifndef DW_STORE_POSTGRES_SCHEMA_H
#define DW_STORE_POSTGRES_SCHEMA_H

#include <stddef.h>

/* In order; a store of format n takes those of a higher one, and is of the last one's then. Formats
 * are numbered as SQLite's; the first that PostgreSQL knew is 4. */
struct dw_postgres_step {
    int format;
    const char *sql;
};
extern const struct dw_postgres_step dw_postgres_steps[];
extern const size_t dw_postgres_step_count;

#endif
