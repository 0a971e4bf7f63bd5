SELECT count(*), count(*) FILTER (WHERE (EXISTS (SELECT 1 FROM utterance_1 AS said WHERE said.conversation_key = t.conversation_key AND said.number = t.number AND said.source <> CAST(? AS UTINYINT) AND contains(said.folded, ?)) OR t.engaged))
FROM session_1 AS t
WHERE t.started_at >= ? AND t.started_at < ? AND NOT t.untimed
  AND NOT EXISTS (SELECT 1 FROM utterance_1 AS said WHERE said.conversation_key = t.conversation_key AND said.number = t.number AND said.source <> CAST(? AS UTINYINT) AND contains(said.folded, ?));
-- [3 refund 1772323200000 1775001600000 3 refund]
