WITH latest AS (SELECT t.rowid AS id, t.started_at, t.conversation_key, t.number, t.place, t.folded
FROM utterance_1 AS t
WHERE EXISTS (SELECT 1 FROM session_1 AS s
WHERE s.started_at >= ? AND s.started_at < ? AND NOT s.untimed
  AND s.channel = ? AND s.conversation_key = t.conversation_key AND s.number = t.number)
  AND t.started_at >= ? AND t.started_at < ?
  AND t.source = CAST(? AS UTINYINT)
  AND t.recognition IN (CAST(? AS UTINYINT), CAST(? AS UTINYINT))
  AND contains(t.folded, ?)
  AND t.conversation_key = ?
ORDER BY t.started_at DESC, t.conversation_key DESC, t.number DESC, t.place DESC
LIMIT ?),
sized AS (SELECT folded, count(*) AS utterances, count(DISTINCT (conversation_key, number)) AS sessions,
  arg_max(id, (started_at, conversation_key, number, place)) AS last
FROM latest GROUP BY folded),
shown AS (SELECT *, count(*) OVER () AS groups, CAST(sum(utterances) OVER () AS BIGINT) AS considered
FROM sized ORDER BY utterances DESC, folded LIMIT ?)
SELECT t.text, s.utterances, s.sessions, t.bot, t.conversation, t.number, s.groups, s.considered
FROM shown AS s JOIN utterance_1 AS t ON t.rowid = s.last
ORDER BY s.utterances DESC, s.folded;
-- [1774742400000 1774828800000 msteams 1774742400000 1774828800000 0 1 2 no 9 100000 50]
