// What "@medplum/fhirtypes" is while running: types alone, so nothing.
export {};
