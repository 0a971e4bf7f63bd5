// The theme that somebody chose (src/frame/theme.ts writes it), before the first paint. Without a choice it is the system's.
try {
  var theme = localStorage.getItem('rapport.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; then the system's theme it is.
}
