def {{ cookiecutter.__function }}(event, context):
    print(event)
    return event
