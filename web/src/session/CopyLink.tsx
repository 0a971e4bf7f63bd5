import { Button } from '../parts/Button'
import { useCopy } from '../parts/useCopy'

/** Copies the address of what is on screen, and says so for a moment. */
export function CopyLink() {
  const { copy, copied, said } = useCopy('Link copied')
  return (
    <>
      <Button
        look="quiet"
        icon={copied ? 'check' : 'link'}
        aria-label="Copy link"
        title={said || 'Copy link'}
        onClick={() => copy(window.location.href)}
      />
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  )
}
