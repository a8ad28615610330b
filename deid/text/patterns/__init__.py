"""What identifies by its form: dates, ages, numbers of people, contacts, streets."""
