/** Every page, by what people call it. A topic's own page is found through the list of topics. */
export const pages = {
  Summary: '/',
  Bots: '/bots',
  Engagement: '/engagement',
  Outcomes: '/outcomes',
  Satisfaction: '/satisfaction',
  Topics: '/topics',
  Sessions: '/sessions',
  Billing: '/billing',
  Data: '/data',
  Definitions: '/definitions',
} as const
