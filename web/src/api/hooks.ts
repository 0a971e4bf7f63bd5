/** Everything that a page asks the API with. */
export * from './answer'
export * from './catalogue'
export * from './jobs'
export * from './lists'
export * from './questions'
