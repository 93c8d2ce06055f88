"""Live push: a wake says which channel changed, never what; pages refetch what they may see."""
