/** Ids of channels as their platform writes them, and what people call those channels. */
const names: Record<string, string> = {
  alexa: 'Alexa',
  conversationconductor: 'Voice',
  directline: 'Direct Line',
  directlinespeech: 'Direct Line Speech',
  email: 'Email',
  emulator: 'Emulator',
  facebook: 'Facebook',
  lcw: 'Live chat widget',
  line: 'LINE',
  msteams: 'Teams',
  outlook: 'Outlook',
  'pva-autonomous': 'Autonomous run',
  'pva-published-engine-direct': 'Direct call',
  'pva-studio': 'Test canvas',
  skype: 'Skype',
  slack: 'Slack',
  sms: 'SMS',
  telegram: 'Telegram',
  webchat: 'Web chat',
  whatsapp: 'WhatsApp',
}

/** What a channel is called; its id where it has no other name. */
export function channelName(id: string | null | undefined): string {
  if (!id) return 'Unknown channel'
  return (Object.hasOwn(names, id) && names[id]) || id
}
