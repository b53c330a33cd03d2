# The scoring service: API, page and model in one image. Built from the root of the repository, where artifacts/model holds the bundle:
#   docker build --build-arg COMMIT="$(git rev-parse HEAD)" --build-arg MODEL_VERSION=… -t credit-scoring .
# It listens on all addresses, so it starts only with API_KEYS set, or with ALLOW_ANONYMOUS=1.

# libxgboost with its own libgomp, in the wheel's layout: it is found by relative path. No Python goes further than this stage.
FROM python:3.11-slim AS xgboost
WORKDIR /xgboost
COPY requirements.txt ./
RUN sed -n '/^xgboost-cpu==/,/[^\\]$/p' requirements.txt > wheel.txt \
 && python -m pip download --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r wheel.txt -d wheel \
 && python -m zipfile -e wheel/*.whl unpacked \
 && mkdir -p /opt/xgboost/xgboost/lib \
 && cp unpacked/xgboost/lib/libxgboost.so /opt/xgboost/xgboost/lib/ \
 && cp -r unpacked/xgboost_cpu.libs /opt/xgboost/

# TypeScript to JavaScript.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/xgboost-node/package.json packages/xgboost-node/
COPY packages/dvc-ts/package.json packages/dvc-ts/
COPY packages/report-kit/package.json packages/report-kit/
COPY packages/synthetic-credit/package.json packages/synthetic-credit/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.service.json ./
COPY commands/build.mjs commands/
COPY packages packages
COPY pipeline pipeline
COPY api api
RUN node commands/build.mjs --service

# What the service needs at run time and nothing else.
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/xgboost-node/package.json packages/xgboost-node/
COPY packages/dvc-ts/package.json packages/dvc-ts/
COPY packages/report-kit/package.json packages/report-kit/
COPY packages/synthetic-credit/package.json packages/synthetic-credit/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules -name '*.map' -delete \
 && rm -rf node_modules/swagger-ui-dist/swagger-ui-es-bundle* node_modules/swagger-ui-dist/swagger-ui.js

FROM node:24-bookworm-slim
ARG COMMIT=unknown
ARG MODEL_VERSION=unknown
LABEL org.opencontainers.image.title="pret-a-depenser" \
      org.opencontainers.image.description="Credit scoring: API and loan officer's page" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${COMMIT}" \
      org.opencontainers.image.version="${MODEL_VERSION}"
WORKDIR /app
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    MODEL=/app/artifacts/model \
    JOURNAL=/var/lib/credit-scoring/journal.sqlite \
    XGBOOST_LIBRARY=/opt/xgboost/xgboost/lib/libxgboost.so \
    OMP_NUM_THREADS=1 \
    OMP_WAIT_POLICY=passive
RUN install -d -o 1000 -g 1000 /var/lib/credit-scoring
COPY --from=xgboost /opt/xgboost /opt/xgboost
COPY --from=modules /app/package.json ./
COPY --from=modules /app/node_modules node_modules
COPY --from=modules /app/packages packages
COPY --from=build /app/packages/xgboost-node/dist packages/xgboost-node/dist
COPY --from=build /app/packages/report-kit/dist packages/report-kit/dist
COPY --from=build /app/dist dist
COPY artifacts/model artifacts/model
USER 1000:1000
VOLUME /var/lib/credit-scoring
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "dist/api/server.js"]
