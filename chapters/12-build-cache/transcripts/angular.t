stage: 12
needs: root
---
$ grep -v '^#' $PROJECT/samples/angular/Dockerfile
FROM node:24 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM builder AS test
RUN npm test

FROM nginx:alpine
ENV NGINX_PORT=80 GREETING_URL=http://localhost:8080/
COPY nginx.conf.template /etc/nginx/templates/default.conf.template
COPY --from=builder /app/dist/angular-introduction/browser /usr/share/nginx/html
$ stage12 build --check $PROJECT/samples/angular
Check complete, no warnings found.
