# syntax=docker/dockerfile:1
# One image for web, worker, scheduler and migrations; the command decides which it is.

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt
COPY . /app
WORKDIR /app
# Compressed, fingerprinted static files. The keys are of this step only: nothing is signed or encrypted here.
RUN DATABASE_URL=sqlite:////tmp/build.sqlite3 STATIC_ROOT=/app/staticfiles REGISTRY_HOME=/tmp/build \
    SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    FIELD_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    LEDGER_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    PDF_SIGNING_KEY="$(/opt/venv/bin/python -m certification.papers.authority | tee /tmp/signing.pem)" \
    PDF_SIGNING_CERT_FILE=/tmp/signing.pem SITE_BASE_URL=https://build.invalid \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && /opt/venv/bin/python -m compileall -q /app

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Changzhou enterprise IP certification registry" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 registry \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin registry \
 && install -d -o registry -g registry -m 0750 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    REGISTRY_HOME=/data \
    STATIC_ROOT=/app/staticfiles \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=20s --timeout=15s --start-period=40s --retries=3 CMD ["python", "manage.py", "probe", "web"]
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve", "web"]
