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
  Why,
} from './contract.ts'
export { createProducer } from './producer.ts'
