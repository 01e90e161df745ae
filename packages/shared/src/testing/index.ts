export { scriptFile } from '../redis/script.ts'
export { brokerUrl, freshNamespace } from './broker.ts'
export { metricValue } from './metric-value.ts'
export { until } from './until.ts'
