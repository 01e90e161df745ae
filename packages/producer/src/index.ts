export type { Producer, ProducerOptions, Submission, SubmitOptions } from './contract.ts'
export { createProducer } from './producer.ts'
