import type { components } from './schema'

type Schemas = components['schemas']

/**
 * The document says of every list and of some objects that they may be null, since the language of the server could write that
 * where it does not. Full is the same type with its lists and what they hold present.
 */
export type Full<T> = T extends readonly (infer Item)[]
  ? Full<NonNullable<Item>>[]
  : T extends object
    ? { [Name in keyof T]: Extract<T[Name], readonly unknown[]> extends never ? Full<T[Name]> : Full<NonNullable<T[Name]>> }
    : T

type Of<Name extends keyof Schemas> = Full<NonNullable<Schemas[Name]>>

export type Range = Of<'Range'>
export type Filter = Of<'Filter'>
export type Comparison = Of<'Comparison'>
export type Period = Of<'Period'>
export type Query = Of<'Query'>
export type Result = Of<'Result'>
export type Row = Of<'Row'>
export type Value = Of<'Value'>
export type Change = Of<'Change'>
export type DriverQuery = Of<'DriverQuery'>
export type DriverResult = Of<'DriverResult'>
export type Driver = Of<'Driver'>

export type Session = Of<'Session'>
export type SessionQuery = Of<'SessionQuery'>
export type SessionPage = Of<'SessionsOutputBody'>
export type Billed = Of<'Billed'>
export type BilledPage = Of<'BilledOutputBody'>
export type Utterance = Of<'Utterance'>
export type UtteranceQuery = Of<'UtteranceQuery'>
export type UtterancePage = Of<'UtterancesOutputBody'>
export type UtteranceGroup = Of<'UtteranceGroup'>
export type UtteranceGroups = Of<'UtteranceGroupsOutputBody'>
export type Conversation = Of<'Conversation'>
export type Activity = Of<'Activity'>
export type Evidence = Of<'Evidence'>

export type Measure = Of<'Measure'>
export type Dimension = Of<'Dimension'>
export type Bot = Of<'Bot'>

export type Definition = Of<'Definition'>
export type DefinitionInForce = Of<'InForce'>
export type DefinitionDetail = Of<'DefinitionOutputBody'>
export type Given = Of<'Given'>

export type Import = Of<'Import'>
export type Job = Of<'Job'>
export type Problem = Of<'Problem'>
export type Fault = Of<'Fault'>

export type Grain = 'hour' | 'day' | 'week' | 'month'
export type Status = Of<'StatusOutputBody'>
