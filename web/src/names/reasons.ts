// Why a session ended as it did, in words. The platform's own names stay visible beside them, because its documentation, its exports and
// the filters use those.

export type Reason = { title: string; meaning: string }

/** A map and no object: a reason may be called like what every object has, such as "constructor". */
const known = new Map(
  Object.entries<Reason>({
    AgentTransferRequestedByUser: {
      title: 'The user asked for a person',
      meaning: 'The user asked to be handed over, and was.',
    },
    AgentTransferConfiguredByAuthor: {
      title: 'The bot is made to hand over here',
      meaning: 'A topic leads to a person at this point. An Escalate topic that nobody has changed says the same.',
    },
    AgentTransferFromQuestionMaxAttempts: {
      title: 'A question was asked too often',
      meaning: 'The bot repeated a question until its attempts ran out, and then handed over.',
    },
    AgentTransferWithoutError: {
      title: 'Handed over, nothing went wrong',
      meaning: 'The platform says only that no error led to it.',
    },
    UserExit: {
      title: 'The user left',
      meaning: 'The user fell silent or closed the chat before the topic came to its end.',
    },
    UserError: {
      title: 'A mistake in the bot',
      meaning: 'Something that its author built failed. The platform calls it UserError: the user it means is the author.',
    },
    SystemError: {
      title: 'A fault of the platform',
      meaning: 'The platform failed. The session counts here even if the bot recovered before the user left.',
    },
  }),
)

/** A reason that nobody has put into words yet keeps the name that its record gives it. */
export function reasonWords(reason: string): Reason {
  if (reason === '') return { title: 'No reason given', meaning: 'The record does not say why.' }
  return known.get(reason) ?? { title: reason, meaning: 'A reason in the words of the record.' }
}
