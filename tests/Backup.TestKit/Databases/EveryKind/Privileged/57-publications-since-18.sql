CREATE PUBLICATION kinds_generated FOR TABLE kinds.generated WITH (publish_generated_columns = stored);
CREATE PUBLICATION kinds_generated_column FOR TABLE kinds.generated (net, gross) WITH (publish_generated_columns = none);
