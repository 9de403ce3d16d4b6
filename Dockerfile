# The service alone: its PostgreSQL is another container or the municipality's own (DATABASE_URL).
FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json ./
# The optional packages are Node itself and the embedded PostgreSQL: for a developer's machine.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
COPY migrations migrations
COPY src src
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and takes SIGTERM itself: no shell, no npm between.
CMD ["node", "--max-old-space-size=1024", "--max-semi-space-size=8", "src/main.ts"]
