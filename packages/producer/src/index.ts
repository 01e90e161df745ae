export type {
  EditChange,
  Producer,
  ProducerOptions,
  ReplayOptions,
  Submission,
  SubmitOptions,
  WhichLetters,
} from './contract.ts'
export { createProducer } from './producer.ts'
