import { Component, type ReactNode } from 'react'

interface Props {
  /** What stands in place of children that cannot be drawn. */
  fallback: (error: Error, again: () => void) => ReactNode
  children: ReactNode
}

/** Keeps a fault in drawing where it happened. React has no hook for this. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(thrown: unknown) {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render() {
    const { error } = this.state
    return error ? this.props.fallback(error, () => this.setState({ error: null })) : this.props.children
  }
}
