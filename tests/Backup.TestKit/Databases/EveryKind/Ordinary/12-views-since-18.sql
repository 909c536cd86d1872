CREATE RULE returning_both AS ON UPDATE TO kinds.of_the_caller DO INSTEAD
    UPDATE kinds.staff SET id = new.id WHERE staff.id = old.id RETURNING WITH (OLD AS before, NEW AS after) after.id;
