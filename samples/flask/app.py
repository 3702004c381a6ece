"""A greeting as JSON: the smallest service that a page in a browser can ask."""

import os

from flask import Flask, jsonify
from waitress import serve

app = Flask(__name__)


@app.get("/")
def greeting():
    return jsonify(greeting="Hello from Flask!")


@app.after_request
def allow_other_origins(response):
    """The page that asks comes from another server: its browser wants to hear that this is meant."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


if __name__ == "__main__":
    serve(app, host="0.0.0.0", port=int(os.environ.get("PORT", "8080")))
