-- Rules stand in the tables of projections as codes from here on. Opening a data folder turns their words into those (Store.widen); this step
-- only keeps away what would take codes for words.
SELECT 1;
