# Letters in a container: docker run --rm -v "$PWD":/project letters build
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 openssh-client python3 python3-venv && rm -rf /var/lib/apt/lists/*
COPY . /opt/letters
RUN python3 -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /opt/letters/requirements/run.txt && /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation /opt/letters
RUN useradd --create-home --uid 1000 editor && mkdir /project && chown editor /project
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8
USER editor
WORKDIR /project
ENTRYPOINT ["letters"]
CMD ["--help"]
