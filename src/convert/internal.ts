// For the rooms that load other formats on first use (house.json, onFirstUse).
export {};
