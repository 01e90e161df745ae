# One image for every program of a pool; the command says which: millrace-worker (the default), millrace-dashboard, millrace.
# Tasks are mounted at /tasks, or copied there: FROM millrace · COPY my-tasks /tasks
ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS build
ARG PNPM=12.21.0
ENV CI=true
WORKDIR /src
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx --yes pnpm@${PNPM} fetch
COPY . .
# The packages are what their users get from npm: packed. What they need is what the lock file says, without development.
RUN pnpm="npx --yes pnpm@${PNPM}" \
 && $pnpm install --offline --frozen-lockfile --ignore-scripts --filter millrace-workspace --filter './packages/*' \
 && node scripts/build.mjs \
 && mkdir /app && cp package.json pnpm-lock.yaml pnpm-workspace.yaml /app/ \
 && for package in packages/*; do \
      mkdir -p "/app/$package" && cp "$package/package.json" "/app/$package/" || exit 1; \
    done \
 && (cd /app && $pnpm install --offline --prod --frozen-lockfile --ignore-scripts --filter './packages/*' \
      --config.node-linker=hoisted) \
 && for package in packages/*; do \
      (cd "$package" && $pnpm pack --out /tmp/packed.tgz) \
      && tar -xzf /tmp/packed.tgz -C "/app/$package" --strip-components 1 || exit 1; \
    done \
 && rm /app/pnpm-lock.yaml /app/pnpm-workspace.yaml \
 && find /app/node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete \
 && mkdir /app/bin && cp scripts/container-health.mjs /app/bin/millrace-health \
 && node scripts/containers/link-commands.mjs /app

FROM ${NODE}
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends tini >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
COPY --from=build /app /app
# /node_modules: so that tasks at /tasks find the packages of the image
RUN ln -s /app/node_modules /node_modules && mkdir /tasks
ENV PATH=/app/bin:$PATH NODE_ENV=production MILLRACE_TASKS=/tasks MILLRACE_HTTP_PORT=9464
WORKDIR /app
USER 1000:1000
HEALTHCHECK --interval=5s --timeout=10s --start-period=30s --retries=3 CMD ["millrace-health"]
ENTRYPOINT ["tini", "--"]
CMD ["millrace-worker"]
