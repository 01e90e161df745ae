import type { FastifyHelmetOptions } from '@fastify/helmet'

const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

/**
 * What browsers are told: nothing is loaded from elsewhere, no script or style stands in a page, nobody frames it. HTTPS is
 * not demanded, for the process itself speaks HTTP: whatever ends TLS before it says so.
 */
export const HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: POLICY },
  strictTransportSecurity: false,
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'same-origin' }, // with none, browsers hide from us that a form is our own
  xFrameOptions: { action: 'deny' },
}

/** Bull Board's page sets styles by script and has a base address. */
export const BOARD_POLICY = Object.entries({
  ...POLICY,
  styleSrc: ["'self'", "'unsafe-inline'"],
  fontSrc: ["'self'", 'data:'],
  baseUri: ["'self'"],
})
  .map(([name, values]) => `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${values.join(' ')}`)
  .join('; ')
