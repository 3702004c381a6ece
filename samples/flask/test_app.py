import unittest

from app import app


class GreetingTest(unittest.TestCase):
    def setUp(self):
        self.client = app.test_client()

    def test_greets_in_json(self):
        response = self.client.get("/")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.get_json(), {"greeting": "Hello from Flask!"})

    def test_lets_pages_of_other_servers_ask(self):
        for response in (self.client.get("/"), self.client.options("/")):
            self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
            self.assertIn("GET", response.headers["Access-Control-Allow-Methods"])

    def test_knows_nothing_else(self):
        self.assertEqual(self.client.get("/other").status_code, 404)


if __name__ == "__main__":
    unittest.main()
