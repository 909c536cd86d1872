CREATE PUBLICATION kinds_columns FOR TABLE kinds.teams (id), kinds.columns ("select", id) WHERE (id > 100 AND "select" = 'it''s');
