import type { Command } from 'commander'
import { readCount } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderTenants } from '../output/tenants.ts'
import type { Run } from '../session.ts'

export function addTenant(program: Command, run: Run): void {
  const tenant = program
    .command('tenant')
    .description('look at the tenants, and say how much each may have')
    .addHelpText('after', examples('millrace tenant list', 'millrace tenant set acme --queued 1000 --active 10'))
  addList(tenant, run)
  addSet(tenant, run)
}

function addList(tenant: Command, run: Run): void {
  tenant
    .command('list')
    .description('list the tenants that have jobs or a quota')
    .addHelpText('after', examples('millrace tenant list'))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const tenants = await (await session.pool()).tenants.list()
        if (tenants.length === 0) session.talk('No tenants: no workflow that names one is open, and none has a quota.')
        session.answer(tenants, (look) => (tenants.length === 0 ? '' : renderTenants(tenants, look)))
        return EXIT.done
      }),
    )
}

function addSet(tenant: Command, run: Run): void {
  tenant
    .command('set')
    .description('replace the quota of a tenant; without options, take it away')
    .argument('<name>', 'name of a tenant, as workflows give it')
    .option('--queued <count>', 'how many of its jobs may be in line', readCount)
    .option('--active <count>', 'how many of its jobs may run at once, over all workers', readCount)
    .addHelpText('after', examples('millrace tenant set acme --queued 1000 --active 10', 'millrace tenant set acme'))
    .action((name: string, quota: { queued?: number; active?: number }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const { queued, active } = quota
        await (await session.pool()).tenants.set(name, { queued, active })
        const words = [queued && `${queued} in line`, active && `${active} at once`].filter(Boolean).join(', ')
        session.talk(`The tenant ${name} may have ${words || 'as many jobs as come'}.`)
        session.answer({ name, queued, active }, () => '')
        return EXIT.done
      }),
    )
}
