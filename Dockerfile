FROM python:3.11-slim

RUN useradd --create-home ytsynch
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY . .

ENV ENVIRONMENT=production PYTHONUNBUFFERED=1 YT_SYNCH__HTTP_API__HOST=0.0.0.0
# Collecting static files needs settings that load; these keys sign and encrypt nothing.
RUN SECRET_KEY=only-for-this-step \
    YT_SYNCH__SECURITY__TOKEN_KEYS='["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]' \
    python manage.py collectstatic --no-input --verbosity 0 \
    && install -d -o ytsynch -g ytsynch var

USER ytsynch
VOLUME /app/var
EXPOSE 8000
# Signals reach the supervisor, which stops its children and then itself.
ENTRYPOINT ["python", "manage.py"]
CMD ["up"]
