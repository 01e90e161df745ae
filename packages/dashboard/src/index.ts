export { type DashboardConfig, readConfig } from './config.ts'
export { type Dashboard, startDashboard } from './dashboard.ts'
