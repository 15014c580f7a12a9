"""``python -m supportkpi``."""

from supportkpi.cli import main

if __name__ == "__main__":
    main()
