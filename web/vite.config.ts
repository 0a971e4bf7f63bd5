import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  server: {
    // A server with data to look at: rapport serve --data DIR --listen 127.0.0.1:8080
    proxy: { '/api': process.env.RAPPORT_URL ?? 'http://127.0.0.1:8080' },
    strictPort: true,
  },
  // Known beforehand, so that the development server prepares them once and not again while pages are opened.
  optimizeDeps: {
    noDiscovery: true,
    include: [
      'react',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'react-dom',
      'react-dom/client',
      'react-router',
      'react-day-picker',
      'radix-ui',
      '@tanstack/react-query',
      '@tanstack/react-virtual',
      'openapi-fetch',
      'echarts/core',
      'echarts/charts',
      'echarts/components',
      'echarts/renderers',
    ],
  },
  build: {
    target: 'es2023',
    // The page's policy forbids scripts and styles written into it; small pictures may be data.
    modulePreload: { polyfill: false },
    // Lazy pages load with the click, and every one of them is small.
    chunkSizeWarningLimit: 800,
  },
})
