# The mixer in a container: see README, “In a container”. Built by `docker compose build`, or podman or buildah.
# Kernels are built here, so that the image needs neither numba nor LLVM, which are more than all the rest.
FROM debian:bookworm-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libportaudio2 python3 \
    && find /var/lib/apt/lists /var/cache /var/log -type f -delete \
    && rm -rf /usr/share/doc /usr/share/man

FROM base AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils python3-venv
WORKDIR /build
COPY requirements.lock pyproject.toml ./
# Certificates of a network that looks into https, mounted by whoever builds there.
ARG SSL_CERT_FILE
RUN python3 -m venv /build/uv \
    && awk '/^[a-z]/ { wanted = /^uv==/ } wanted' requirements.lock >uv.lock \
    && /build/uv/bin/pip install --quiet --no-cache-dir ${SSL_CERT_FILE:+--cert "$SSL_CERT_FILE"} --require-hashes -r uv.lock
ENV VIRTUAL_ENV=/opt/remote-mixer UV_NO_CACHE=1
RUN /build/uv/bin/uv venv --quiet --python /usr/bin/python3 /opt/remote-mixer \
    && /build/uv/bin/uv pip install --quiet --require-hashes -c requirements.lock -r pyproject.toml
COPY remote_mixer remote_mixer
RUN /opt/remote-mixer/bin/python -m remote_mixer.engine.built \
    && rm -f remote_mixer/engine/built/*.module remote_mixer/engine/built/*.kernels \
    && test -n "$(ls remote_mixer/engine/built/*.so)" \
    && /build/uv/bin/uv pip uninstall --quiet numba llvmlite
COPY ui remote_mixer/_ui
RUN site=/opt/remote-mixer/lib/python3.11/site-packages \
    && cp -r remote_mixer "$site" \
    && find "$site" -depth -type d \( -name tests -o -name __pycache__ \) -exec rm -r {} + \
    && /opt/remote-mixer/bin/python -m compileall -q "$site"

FROM base
RUN useradd --no-create-home --uid 5001 --groups audio mixer \
    && install -d -o mixer -g mixer /data
COPY --from=build /opt/remote-mixer /opt/remote-mixer
RUN printf '#!/bin/sh\nexec /opt/remote-mixer/bin/python -P -m remote_mixer "$@"\n' >/usr/local/bin/remote-mixer \
    && chmod 755 /usr/local/bin/remote-mixer
ENV XDG_DATA_HOME=/data HOME=/data PYTHONDONTWRITEBYTECODE=1 REMOTE_MIXER_URL=http://127.0.0.1:5001
USER mixer
VOLUME /data
EXPOSE 5001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["/opt/remote-mixer/bin/python", "-c", \
    "import os, urllib.request as web; web.urlopen(os.environ['REMOTE_MIXER_URL'] + '/api/v1/health', timeout=3)"]
ENTRYPOINT ["remote-mixer"]
CMD ["--serve"]
