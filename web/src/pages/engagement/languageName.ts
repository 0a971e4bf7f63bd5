const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** A locale as people know it, beside its code: German (Germany), de-DE. What is no code stays as the record has it. */
export function languageName(locale: string): string {
  if (locale === '') return 'Unknown language'
  const name = known(locale)
  return name === undefined ? locale : `${name}, ${locale}`
}

function known(locale: string): string | undefined {
  try {
    return names.of(locale)
  } catch {
    return undefined
  }
}
