import importlib
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

handler = importlib.import_module("{{ cookiecutter.__file }}").{{ cookiecutter.__function }}


class HandlerTest(unittest.TestCase):
    def test_answers_with_the_event(self):
        event = {"key1": "test value 1", "key2": "test value 2"}
        context = {"request_id": "1", "function_name": "{{ cookiecutter.name }}"}

        self.assertEqual(handler(event, context), event)


if __name__ == "__main__":
    unittest.main()
