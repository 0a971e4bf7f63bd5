// Our own few icons, drawn on a grid of 16 with a line of 1.5. They stand beside words and are not read aloud.
const paths = {
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  same: 'M3 8h10',
  left: 'M10 3 5 8l5 5',
  right: 'm6 3 5 5-5 5',
  open: 'm4 6 4 4 4-4',
  close: 'm4 4 8 8m0-8-8 8',
  plus: 'M8 3v10M3 8h10',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  info: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.2v4M8 4.7v.1',
  help: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM6.1 6.3a1.9 1.9 0 1 1 2.8 1.7c-.6.3-.9.7-.9 1.3M8 11.4v.1',
  warning: 'M8 2 1.5 13.5h13L8 2Zm0 4.6v3.2m0 1.8v.1',
  light: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5m0 11V15M1 8h1.5m11 0H15M3 3l1 1m8 8 1 1m0-10-1 1m-8 8-1 1',
  dark: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  chart: 'M2 14h12M4 11V7m4 4V3m4 8V6',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13',
  columns: 'M2 3h12v10H2zM6 3v10m4-10v10',
  download: 'M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11',
  upload: 'M8 10.5V2.5M4.5 6 8 2.5 11.5 6M2.5 13.5h11',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3L2 3Z',
  calendar: 'M2.5 3.5h11v10h-11zM2.5 6.8h11M5.5 2v3m5-3v3',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 4.5V8l2.5 1.8',
  zone: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM1.5 8h13M8 1.5c-4.4 4-4.4 9 0 13 4.4-4 4.4-9 0-13Z',
  link: 'M6.5 9.5 9.5 6.5M7 4.5 8.8 2.7a3.2 3.2 0 0 1 4.5 4.5L11.5 9M4.5 7 2.7 8.8a3.2 3.2 0 0 0 4.5 4.5L9 11.5',
  external: 'M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11 9.5v4H2.5V5h4',
  retry: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5v3.2h-3.2',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.8 7v4m2.4-4v4',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  menu: 'M2.5 4h11m-11 4h11m-11 4h11',
  settings: 'M2.5 4.5h6m4 0h1M2.5 11.5h1m4 0h6M8.5 2.8v3.4h3V2.8zM4 9.8v3.4h3V9.8z',
  bot: 'M3 5.5h10v7H3zM8 5.5V3M6 8.5v1m4-1v1M1 8v2m14-2v2M7.5 2.5h1',
  user: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8Zm-5.2 6c.4-2.7 2.5-4 5.2-4s4.8 1.3 5.2 4',
  chat: 'M2 3h12v8H7.5L4 14v-3H2z',
  silent: 'M2 3h12v8H7.5L4 14v-3H2zM5.5 7h5',
  confirmed: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM5 8.2l2.2 2.2L11 6',
  implied:
    'M5 8.2l2.2 2.2L11 6M6.4 1.7a6.5 6.5 0 0 1 3.2 0m2.9 1.7a6.5 6.5 0 0 1 1.6 2.8m0 3.6a6.5 6.5 0 0 1-1.6 2.8m-2.9 1.7a6.5 6.5 0 0 1-3.2 0m-2.9-1.7a6.5 6.5 0 0 1-1.6-2.8m0-3.6a6.5 6.5 0 0 1 1.6-2.8',
  escalated: 'M2 11.5c0-4 3-6 7-6h4M10 2.5l3 3-3 3',
  abandoned: 'M9.5 2.5H3v11h6.5M6.5 8H14m-2.8-2.8L14 8l-2.8 2.8',
  thumbUp: 'M2.5 7.5h2.7v6H2.5zM5.2 8 8 2.5c1.2 0 1.8.8 1.6 2L9.2 6.5h3.3c.8 0 1.4.8 1.2 1.6l-1.1 4.3c-.2.7-.7 1.1-1.4 1.1h-6',
  thumbDown: 'M13.5 8.5h-2.7v-6h2.7zM10.8 8 8 13.5c-1.2 0-1.8-.8-1.6-2l.4-2H3.5c-.8 0-1.4-.8-1.2-1.6l1.1-4.3c.2-.7.7-1.1 1.4-1.1h6',
  rules: 'M3 2.5h8.5a1.5 1.5 0 0 1 1.5 1.5v9.5H4.5A1.5 1.5 0 0 1 3 12V2.5ZM5.8 5.8h4.4M5.8 8.6h4.4',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === 'more' ? 2.2 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
