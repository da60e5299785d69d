"""What is known of medicines: names, schedules, allergies, interactions, doses. Pure functions over tables."""
