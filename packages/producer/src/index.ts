export type {
  EditChange,
  Producer,
  ProducerOptions,
  ReplayOptions,
  RerunOptions,
  RerunReport,
  Submission,
  SubmitOptions,
  WhichLetters,
} from './contract.ts'
export { createProducer } from './producer.ts'
