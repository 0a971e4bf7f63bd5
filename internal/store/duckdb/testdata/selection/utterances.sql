SELECT t.key, t.conversation_key, t.bot, t.conversation, t.number, t.started_at, t.said_at, t.place, t.source, t.recognition, t.text, t.folded
FROM utterance_1 AS t
WHERE EXISTS (SELECT 1 FROM session_1 AS s
WHERE s.started_at >= ? AND s.started_at < ? AND NOT s.untimed
  AND s.channel = ? AND s.conversation_key = t.conversation_key AND s.number = t.number)
  AND t.started_at >= ? AND t.started_at < ?
  AND t.source = CAST(? AS UTINYINT)
  AND t.recognition IN (CAST(? AS UTINYINT), CAST(? AS UTINYINT))
  AND contains(t.folded, ?)
  AND t.conversation_key = ?
  AND t.text >= ? AND (t.text > ? OR (t.text = ? AND (t.started_at > ? OR (t.started_at = ? AND (t.conversation_key > ? OR (t.conversation_key = ? AND (t.number > ? OR (t.number = ? AND (t.place > ?)))))))))
ORDER BY t.text, t.started_at, t.conversation_key, t.number, t.place
LIMIT ?;
-- [1774742400000 1774828800000 msteams 1774742400000 1774828800000 0 1 2 no 9 it's it's it's 5 5 6 6 7 7 8 50]
