# One image for every part of Rollbook; docker-compose.yml says which part a container runs.
FROM node:26.10.0-bookworm-slim
WORKDIR /rollbook
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
COPY libs/school/package.json libs/school/
COPY libs/postgres/package.json libs/postgres/
COPY libs/events/package.json libs/events/
COPY libs/subgraph/package.json libs/subgraph/
COPY libs/oneroster/package.json libs/oneroster/
COPY libs/district/package.json libs/district/
COPY services/student/package.json services/student/
COPY services/scheduling/package.json services/scheduling/
COPY services/grading/package.json services/grading/
COPY services/attendance/package.json services/attendance/
COPY gateway/package.json gateway/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
# Neither the embedded PostgreSQL nor a second Node is needed here: the databases are containers of their own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts
COPY libs libs
COPY services services
COPY gateway gateway
USER node
EXPOSE 4000
CMD ["node", "gateway/main.ts"]
