stage: 11
needs: root
---
$ cat $PROJECT/samples/flask/Dockerfile
FROM python:3
WORKDIR /app
COPY requirements.txt .
RUN pip3 install -r requirements.txt
COPY . .
EXPOSE 8080
CMD ["python3", "app.py"]
$ stage11 build --check $PROJECT/samples/flask
Check complete, no warnings found.
